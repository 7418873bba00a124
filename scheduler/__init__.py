"""The clock side: jobs that ask the database what is due; it meets the chat side only in the outbox."""

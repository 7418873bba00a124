"""What `/summary` says: what was asked, the first page, its details down to the record, pictures and files."""

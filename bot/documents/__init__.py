"""Papers: pages to be printed, from what the product knows; what people typed is data here, never markup."""

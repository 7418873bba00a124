"""Papers: Word templates filled in, reading copies and pages to print; what people typed is data here, never markup."""

"""An authority's own data goes in by one workbook: read safely, every fault named at its cell, all or nothing."""

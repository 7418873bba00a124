"""Official documents as files: a Word template filled in, and a reading copy made from what was filled in."""

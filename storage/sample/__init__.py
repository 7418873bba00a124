"""A province to try the product on: real names of units, invented people, a year of invented history."""

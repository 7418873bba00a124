"""Figures for people who decide: one report each, counted from the rows themselves."""

"""Servers that stand in for platforms."""

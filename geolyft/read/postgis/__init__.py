"""A PostgreSQL database with PostGIS: how it is reached, and what its tables hold."""

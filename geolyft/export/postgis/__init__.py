"""A delivery's layers and tables in a PostgreSQL database with PostGIS."""

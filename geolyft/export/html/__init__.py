"""What every page is made of: markup, charts, and a policy that lets no other script run."""

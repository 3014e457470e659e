"""The auditor knows what an attacker with the whole delivery knows, and says what that gives."""

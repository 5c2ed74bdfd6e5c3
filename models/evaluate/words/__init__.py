"""Do pictures follow words? `python -m models.evaluate.words`."""

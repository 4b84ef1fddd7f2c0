"""The rules: facts in, outcomes and findings out."""

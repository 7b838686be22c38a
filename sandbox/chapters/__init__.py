"""The chapters of the story, each a function over the scene that ends when its effects are there."""

"""What the PyTorch programs in Scripts share: the model, its file, its text."""

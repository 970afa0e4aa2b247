"""Between those who ask and the model: one request to one piece."""

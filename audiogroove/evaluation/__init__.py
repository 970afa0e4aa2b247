"""How good a model is, by yardsticks that can be trusted."""

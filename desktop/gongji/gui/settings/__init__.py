"""The pages of the screen 设置."""

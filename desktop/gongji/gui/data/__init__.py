"""The pages of the screen 资料."""

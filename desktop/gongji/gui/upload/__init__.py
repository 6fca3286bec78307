"""The parts of the screen 上传."""

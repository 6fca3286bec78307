"""练习平台: a server that plays the payer, with its own people, figures and settlements, and faults on request."""

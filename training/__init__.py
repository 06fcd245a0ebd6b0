"""Training the coach's judge: `make coach`. No part of the installed program."""

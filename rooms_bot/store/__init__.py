"""What is kept: rooms' events and configuration, in RAM or in a database."""

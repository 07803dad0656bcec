"""The words all parts share: personas, seats, members, rooms and the events a room is made of."""

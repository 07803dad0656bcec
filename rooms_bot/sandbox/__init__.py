"""A local stand-in for Discord: its REST API, gateway and CDN, and a page that behaves like a channel."""

"""The console: what admins see and change in the browser."""

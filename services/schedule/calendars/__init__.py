"""RFC 5545: activities written as calendars, files read as occurrences."""

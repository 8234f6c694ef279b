"""The machinery that turns snippets into drawings, numbers and pages."""

"""The page to work in: a small web application that asks a desk and never a store."""

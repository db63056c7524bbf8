"""Results as things people hold: the chain map (SVG, HTML), workbooks and CSV."""

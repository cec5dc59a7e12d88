"""The figure on the page: a component on plotly.js, its files, its pictures."""

"""Results on paper: documents of tables and figures, typeset as PDF and written as workbooks."""

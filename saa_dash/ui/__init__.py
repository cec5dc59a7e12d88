"""What Streamlit shows. The only room, with the pages, that imports it."""

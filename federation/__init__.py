"""The signed protocol between servers; it knows documents and signatures, and nothing of members or needs."""

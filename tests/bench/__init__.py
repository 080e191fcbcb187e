"""What this program costs, always beside a bare limit measured in the same minutes. docs/performance.md explains."""

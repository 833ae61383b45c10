"""`make bench`: ratios and times, each pair measured in one run, interleaved, medians."""

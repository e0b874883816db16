"""What can be observed in one message: headers, report, words, time, sameness. Pure."""

"""What other systems are told of calls, and delivering it to each of them."""

"""What a training loads only when it comes to it: loaded beforehand by a process that stands by."""

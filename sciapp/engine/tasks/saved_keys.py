"""Keys of our own in a saved model's config.json."""

TASK_KEY = "sciapp_task"  # which task the model was trained for
MEAN_KEY, SCALE_KEY = "sciapp_target_mean", "sciapp_target_scale"  # of a regression: lists of numbers
SEPARATOR_KEY = "sciapp_label_separator"  # of a token classification: between two labels of a row

# The worker of bowl.py for R 4.1 or newer, with the package jsonlite.
#
# `cargo omega worker check -- Rscript examples/workers/bowl.R` holds it against the protocol.

space <- list(
  list(name = "x", kind = "float", low = -2, high = 2, neutral = 0.5),
  list(name = "y", kind = "float", low = -2, high = 2, neutral = 0),
  list(name = "n", kind = "int", low = 1L, high = 4L, neutral = 2L),
  list(name = "flip", kind = "bool", neutral = FALSE),
  list(name = "mode", kind = "choice", choices = c("plain", "steep", "both"), neutral = "plain")
)
names_of_space <- sapply(space, function(entry) entry$name)

not_applicable <- function(reason) {
  stop(structure(list(message = reason, call = NULL), class = c("not_applicable", "error", "condition")))
}

# What is calibrated: replace this function, and `space`.
evaluate <- function(params, slice) {
  x <- params$x
  y <- params$y
  n <- params$n
  if (params$flip && params$mode == "both") not_applicable("both ways at once")
  if (x > 1.9) stop("ValueError: off the table", call. = FALSE)
  slope <- if (params$mode == "plain") 9 else 12
  center <- if (is.null(slice$center)) 1 else slice$center
  dx <- x - center
  dy <- y + 0.5
  fitness <- -(dx * dx) - slope * (dy * dy) + 0.125 * n - (if (params$flip) 0.25 else 0)
  list(
    fitness = fitness,
    samples = as.integer(100 * n),
    blocks = fitness + 0.5 * (-2:2),
    metrics = list(distance = dx * dx + dy * dy),
    metadata = list(mode = params$mode, steps = c(n, n + 1L))
  )
}

# The answer to one question, or NULL to what has none.
answer <- function(question) {
  id <- question$id
  if (question$type == "hello") return(list(id = id, type = "hello", protocol = 1L, space = space))
  if (question$type == "cancel") return(NULL)
  if (question$type != "evaluate") {
    return(list(id = id, type = "error", error = paste("no question of omega-worker/1:", question$type)))
  }
  params <- question$params
  tryCatch({
    if (!setequal(names(params), names_of_space)) stop("expected the parameters ", toString(names_of_space), call. = FALSE)
    if (!all(sapply(params[c("x", "y", "n")], is.numeric))) stop("x, y and n are numbers", call. = FALSE)
    c(list(id = id, type = "result"), evaluate(params, question$slice))
  },
  not_applicable = function(reason) list(id = id, type = "not_applicable", reason = conditionMessage(reason)),
  # An answer too: these parameters have no fitness.
  error = function(error) list(id = id, type = "error", error = conditionMessage(error)))
}

# A value as JSON. jsonlite writes fifteen digits, and seventeen are all that a number has.
json <- function(value) {
  if (is.list(value)) {
    inside <- vapply(value, json, "")
    if (is.null(names(value))) return(paste0("[", paste(inside, collapse = ","), "]"))
    keys <- vapply(names(value), json, "")
    return(paste0("{", paste0(keys, ":", inside, collapse = ","), "}"))
  }
  if (length(value) != 1) return(paste0("[", paste(vapply(as.list(value), json, ""), collapse = ","), "]"))
  if (is.logical(value)) return(if (value) "true" else "false")
  if (is.integer(value)) return(format(value))
  if (is.numeric(value)) return(if (is.finite(value)) sprintf("%.17g", value) else sprintf('"%s"', tolower(value)))
  as.character(jsonlite::toJSON(value, auto_unbox = TRUE))
}

# The protocol has standard output to itself: whatever prints from here on prints to standard error.
questions <- file("stdin", open = "r", blocking = TRUE, encoding = "UTF-8")
protocol <- file("/dev/stdout", open = "w")
sink(stderr())
while (length(line <- readLines(questions, n = 1, warn = FALSE)) > 0) {
  if (!nzchar(trimws(line))) next
  said <- answer(jsonlite::fromJSON(line))
  if (!is.null(said)) {
    cat(json(said), "\n", file = protocol, sep = "")
    flush(protocol)
  }
}

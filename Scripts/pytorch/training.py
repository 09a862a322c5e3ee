"""A trainer of the model of `ablate`, independent of it: PyTorch's layers, gradients, optimizer and random numbers."""

import dataclasses
import math
import time

import torch

from .evaluation import mean_loss, perplexity, token_streams
from .model import Strengths


class Diverged(Exception):
    """A loss or gradient that is not finite, or an epoch five nats worse than thinking all words alike."""


@dataclasses.dataclass
class Outcome:
    """What a run came to; an epoch that never came is None."""

    status: str = "ok"
    epochs: int = 0
    trigger_epoch: int | None = None
    fine_tuning_epoch: int | None = None
    best_epoch: int | None = None
    valid_ppl: float | None = None
    test_ppl: float | None = None
    tokens_per_s: float = 0.0
    seconds: float = 0.0
    parameters: int = 0


class NonMonotonicTrigger:
    """Fires when the validation loss is worse than the best of all but the last n epochs."""

    def __init__(self, interval):
        self.interval = interval
        self.history = []

    def record(self, loss):
        earlier = self.history[:-self.interval]
        self.history.append(loss)
        return bool(earlier) and loss > min(earlier)


class Trainer:
    """Trains from the weights the model has through both stages to the test figure of the best validation checkpoint."""

    def __init__(self, model, configuration, corpus):
        self.model, self.configuration, self.corpus = model, configuration, corpus
        self.strengths = Strengths.of(configuration)
        # The steps a window must have, so that text too short for one is refused.
        self.streams = token_streams(corpus.train, configuration["batch-size"], "training", max(2, configuration["window-length"]))
        self.weights = list(model.parameters())
        self.learning_rate = configuration["learning-rate"]
        self.optimizer = torch.optim.SGD(
            self.weights, lr=self.learning_rate, weight_decay=configuration["weight-decay"], fused=True)
        self.average, self.averaged_steps = None, 0
        self.best, self.best_loss = None, math.inf
        self.outcome = Outcome(parameters=sum(weight.numel() for weight in self.weights))
        self.tokens, self.training_seconds = 0, 0.0

    def train(self, on_epoch, on_best):
        """Calls `on_epoch` with a dictionary after every epoch and `on_best` when the model's weights are the best so far."""
        start, outcome = time.perf_counter(), self.outcome
        self.on_epoch, self.on_best = on_epoch, on_best
        try:
            self.run_main_stage()
            if self.configuration["fine-tuning"]:
                self.run_fine_tuning()
            self.restore_best()
            outcome.valid_ppl = perplexity(self.model, self.corpus, self.configuration, "validation")
            outcome.test_ppl = perplexity(self.model, self.corpus, self.configuration, "test")
        except Diverged:
            outcome.status = "diverged"
        outcome.tokens_per_s = self.tokens / self.training_seconds if self.tokens else 0.0
        outcome.seconds = time.perf_counter() - start
        return outcome

    def run_main_stage(self):
        """SGD until the criterion fires; from the next step on its average, or half the learning rate without NT-ASGD."""
        trigger = NonMonotonicTrigger(self.configuration["non-monotonic-interval"])
        for _ in range(self.configuration["epochs"]):
            loss = self.run_epoch("main")
            if self.average is None and trigger.record(loss):
                self.outcome.trigger_epoch = self.outcome.trigger_epoch or self.outcome.epochs
                if self.configuration["nt-asgd"]:
                    self.begin_average()
                else:
                    self.learning_rate = max(self.learning_rate / 2, min(self.configuration["smallest-learning-rate"], self.learning_rate))
                    trigger.history = []

    def run_fine_tuning(self):
        """From the best weights, averaging from the first step, until the same criterion fires."""
        self.outcome.fine_tuning_epoch = self.outcome.epochs + 1
        self.restore_best()
        if self.configuration["nt-asgd"]:
            self.begin_average()
        trigger = NonMonotonicTrigger(self.configuration["non-monotonic-interval"])
        for _ in range(self.configuration["fine-tuning-epochs"]):
            if trigger.record(self.run_epoch("fine-tuning")):
                break

    def run_epoch(self, stage):
        """An epoch and its evaluation: the validation loss, of the averaged weights where there are any."""
        start = time.perf_counter()
        self.outcome.epochs += 1
        train_loss, norms, speed = self.train_epoch()
        raw_loss = loss = self.validation_loss()
        if self.average:
            self.exchange_average()
            loss = self.validation_loss()
        if loss < self.best_loss:
            self.best, self.best_loss = [weight.detach().clone() for weight in self.weights], loss
            self.outcome.best_epoch = self.outcome.epochs
            self.on_best(self.outcome.epochs)
        if self.average:
            self.exchange_average()
        self.on_epoch({
            "epoch": self.outcome.epochs, "stage": stage, "optimizer": "asgd" if self.average else "sgd",
            "learning_rate": self.learning_rate, "train_ppl": math.exp(train_loss), "valid_raw_ppl": math.exp(raw_loss),
            "valid_averaged_ppl": math.exp(loss) if self.average else None, "gradient_norm": sum(norms) / len(norms),
            "clipped": sum(norm > (self.configuration["gradient-clipping"] or math.inf) for norm in norms) / len(norms),
            "tokens_per_s": speed, "seconds": time.perf_counter() - start,
        })
        return loss

    def train_epoch(self):
        """All windows of the training text once: their mean loss, the norms of their gradients and the tokens/s."""
        start = time.perf_counter()
        state = self.model.zero_state(self.configuration["batch-size"])
        position, tokens, total, norms = 0, 0, 0.0, []
        # A remainder of fewer than two steps is dropped: TAR needs two.
        while position + 2 < len(self.streams):
            length, scale = self.draw_window_length()
            targets = self.streams[position + 1:position + 1 + length]
            inputs = self.streams[position:position + len(targets)]
            state = [tuple(part.detach() for part in layer) for layer in state]
            self.optimizer.zero_grad()
            masks = self.model.draw_masks(self.strengths, self.configuration["batch-size"])
            cross_entropy, penalty, state = self.model.training_loss(inputs, targets, state, masks, self.strengths)
            (cross_entropy + penalty).backward()
            norms.append(self.step(cross_entropy + penalty, scale))
            position += len(targets)
            tokens += targets.numel()
            total += cross_entropy.item() * targets.numel()
        seconds = time.perf_counter() - start
        self.tokens += tokens
        self.training_seconds += seconds
        if not total / tokens <= math.log(len(self.corpus.vocabulary)) + 5:
            raise Diverged
        return total / tokens, norms, tokens / seconds

    def draw_window_length(self):
        """The steps of the next window and the factor of its learning rate."""
        base = self.configuration["window-length"]
        if not self.configuration["variable-length-bptt"]:
            return base, 1.0
        mean = base if torch.rand(()).item() < 0.95 else base / 2
        length = max(5, int(mean + 5 * torch.randn(()).item()))
        return length, length / base

    @torch.no_grad()
    def step(self, loss, scale):
        """One step of the optimizer; returns the norm of the gradient before clipping."""
        norm = torch.nn.utils.clip_grad_norm_(self.weights, self.configuration["gradient-clipping"] or math.inf)
        if not (torch.isfinite(loss) and torch.isfinite(norm)):
            raise Diverged
        self.optimizer.param_groups[0]["lr"] = self.learning_rate * scale
        self.optimizer.step()
        if self.average:
            self.averaged_steps += 1
            for mean, weight in zip(self.average, self.weights):
                mean.lerp_(weight, 1 / self.averaged_steps)
        return norm.item()

    def begin_average(self):
        self.average, self.averaged_steps = [torch.zeros_like(weight) for weight in self.weights], 0

    def exchange_average(self):
        for mean, weight in zip(self.average, self.weights):
            mean.data, weight.data = weight.data, mean.data

    @torch.no_grad()
    def restore_best(self):
        for weight, best in zip(self.weights, self.best):
            weight.copy_(best)

    def validation_loss(self):
        """Of the part of the validation text that each epoch is judged on."""
        limit = self.configuration["validation-tokens"] or len(self.corpus.validation)
        loss = mean_loss(self.model, self.corpus.validation[:limit], self.configuration["validation-batch-size"], "validation")
        if not math.isfinite(loss):
            raise Diverged
        return loss

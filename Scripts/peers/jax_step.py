"""JAX: the layer as one lax.scan, the whole step under one jit.

With bfloat16 the factors of every product are rounded to it; weights, states, gates, softmax and update stay float32. The
input projection is one product for all time steps, and so is the hidden-to-hidden weights' gradient: left to itself, the
scan's backward would add it up matrix by matrix, which is slower.
"""

import os

import jax
import jax.numpy as jnp
from jax import lax

from . import CLIPPING, LEARNING_RATE


def product(left, right, left_axes, right_axes, precision):
    """Sums over these axes, of factors in this precision, as float32."""
    return lax.dot_general(left.astype(precision), right.astype(precision), ((left_axes, right_axes), ((), ()))).astype(jnp.float32)


def linear(values, weight, precision):
    """values · weightᵀ"""
    return product(values, weight, (values.ndim - 1,), (1,), precision)


def lstm(state, projected, hidden):
    _, memory = state
    update, forget, candidate, output = jnp.split(projected + hidden, 4, axis=-1)
    memory = jax.nn.sigmoid(forget) * memory + jax.nn.sigmoid(update) * jnp.tanh(candidate)
    return jax.nn.sigmoid(output) * jnp.tanh(memory), memory


def gru(state, projected, hidden):
    reset, update, candidate = zip(jnp.split(projected, 3, axis=-1), jnp.split(hidden, 3, axis=-1))
    keep = jax.nn.sigmoid(sum(update))
    new = jnp.tanh(candidate[0] + jax.nn.sigmoid(sum(reset)) * candidate[1])
    return (new + keep * (state[0] - new),)


CELLS = {"lstm": lstm, "gru": gru}


def recurrence(cell, precision):
    """projected [T, B, G·H], bias [T, B, G·H], weight [G·H, H], state → outputs [T, B, H], state after them."""

    def scan(projected, bias, weight, state):
        weight = weight.astype(precision)

        def time_step(state, now):
            state = CELLS[cell](state, now[0], linear(state[0], weight, precision) + now[1])
            return state, state[0]

        state, outputs = lax.scan(time_step, state, (projected, bias))
        return outputs, state

    @jax.custom_vjp
    def run(projected, bias, weight, state):
        return scan(projected, bias, weight, state)

    def forward(projected, bias, weight, state):
        result, backward = jax.vjp(lambda *others: scan(others[0], others[1], weight, others[2]), projected, bias, state)
        return result, (backward, jnp.concatenate([state[0][None], result[0][:-1]]))

    def backward(kept, gradients):
        backward, before = kept
        projected, bias, state = backward(gradients)
        # The bias has a place of its own in each time step, so that its gradient is that of the hidden product.
        return projected, bias, product(bias, before, (0, 1), (0, 1), precision), state

    run.defvjp(forward, backward)
    return run


def mask(key, probability, *shape):
    """Values of 0 and 1/(1−p)."""
    return jax.random.bernoulli(key, 1 - probability, shape) / (1 - probability)


def make_step(cell, precision):
    run = recurrence(cell, precision)

    def loss(weights, inputs, targets, state, strengths, key):
        layers = len(state)
        keys = iter(jax.random.split(key, 2 + 2 * layers))
        embedding = weights["embedding.weight"]
        sequence = embedding[inputs] * mask(next(keys), strengths["embedding_dropout"], embedding.shape[0], 1)[inputs]
        sequence = sequence * mask(next(keys), strengths["input_dropout"], 1, *sequence.shape[1:])
        state_after = []
        for k in range(layers):
            weight_ih, weight_hh, bias_ih, bias_hh = (weights[f"layers.{k}.{name}"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
            projected = linear(sequence, weight_ih, precision) + bias_ih
            dropped = weight_hh * mask(next(keys), strengths["weight_dropping"], *weight_hh.shape)
            raw, after = run(projected, jnp.broadcast_to(bias_hh, projected.shape), dropped, state[k])
            state_after.append(after)
            dropout = strengths["output_dropout" if k == layers - 1 else "hidden_dropout"]
            sequence = raw * mask(next(keys), dropout, 1, *raw.shape[1:])
        logits = linear(sequence, embedding, precision) + weights["decoder.bias"]
        right = jnp.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
        cross_entropy = (jax.nn.logsumexp(logits, axis=-1) - right).mean()
        penalty = strengths["ar"] * (sequence ** 2).mean() + strengths["tar"] * ((raw[1:] - raw[:-1]) ** 2).mean()
        return cross_entropy + penalty, (cross_entropy, state_after)

    def step(weights, inputs, targets, state, strengths, key):
        (_, (cross_entropy, state)), gradients = jax.value_and_grad(loss, has_aux=True)(weights, inputs, targets, state, strengths, key)
        norm = jnp.sqrt(sum((gradient ** 2).sum() for gradient in gradients.values()))
        clip = jnp.minimum(1, CLIPPING / (norm + 1e-6))
        weights = {
            name: weight - LEARNING_RATE[cell] * (clip * gradients[name] + strengths["weight_decay"] * weight)
            for name, weight in weights.items()}
        return weights, state, cross_entropy, norm

    return jax.jit(step, donate_argnames=("weights", "state"))


class Step:
    def __init__(self, task):
        # JAX has no setting for the number of threads: its pool has as many as there are processors for the process.
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:task.threads])
        jax.config.update("jax_platforms", "cpu")
        self.weights = {name: jnp.array(weight) for name, weight in task.weights.items()}
        parts = 2 if task.cell == "lstm" else 1
        self.state = [tuple(jnp.zeros((task.batch_size, size)) for _ in range(parts)) for _, size in task.layer_sizes]
        # Draws a mask in half the time of JAX's default.
        self.key = jax.random.key(1, impl="rbg")
        self.compiled = make_step(task.cell, jnp.dtype(task.precision))

    def step(self, inputs, targets, strengths):
        self.key, key = jax.random.split(self.key)
        self.weights, self.state, cross_entropy, norm = self.compiled(
            self.weights, inputs, targets, self.state, vars(strengths), key)
        jax.block_until_ready(self.weights)
        return float(cross_entropy), float(norm)

    @staticmethod
    def versions():
        return f"JAX {jax.__version__}"

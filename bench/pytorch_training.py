"""The wide-and-deep network in PyTorch, one thread: what `Gyre.Benchmarks pytorch` compares with.

Usage: pytorch_training.py DATA BATCH EPOCHS
Prints seconds of wall time, seconds of processor time and the mean loss of the last epoch.
"""
import sys
import time

import numpy as np
import torch
from torch import nn

VOCABULARY, SIZE, WIDE, HIDDEN, WIDE_SIZE, FEATURES = 20002, 64, 239, (256, 64, 16), 16, 5


class WideAndDeep(nn.Module):
    def __init__(self):
        super().__init__()
        self.text = nn.EmbeddingBag(VOCABULARY, SIZE, mode="mean")
        layers, width = [], SIZE
        for size in HIDDEN:
            layers += [nn.Linear(width, size), nn.ReLU()]
            width = size
        self.deep = nn.Sequential(*layers)
        # The sum of rows is the product with the one-hot vectors, at a fraction of the cost.
        self.wide = nn.EmbeddingBag(WIDE, WIDE_SIZE, mode="sum")
        self.bias = nn.Parameter(torch.zeros(WIDE_SIZE))
        self.head = nn.Linear(width + WIDE_SIZE, 1)

    def forward(self, tokens, offsets, one_hots):
        deep = self.deep(self.text(tokens, offsets))
        wide = torch.relu(self.wide(one_hots) + self.bias)
        return self.head(torch.cat([deep, wide], 1)).squeeze(1)


def main(path, batch, epochs):
    torch.set_num_threads(1)
    torch.manual_seed(1)
    data = np.fromfile(path, dtype=np.int32)
    rows = int(data[0])
    offsets = data[1 : rows + 2].astype(np.int64)
    labels = torch.from_numpy(data[rows + 2 : 2 * rows + 2].astype(np.float32))
    one_hots = torch.from_numpy(data[2 * rows + 2 : (2 + FEATURES) * rows + 2].reshape(rows, FEATURES).astype(np.int64))
    tokens = torch.from_numpy(data[(2 + FEATURES) * rows + 2 :].astype(np.int64))
    model = WideAndDeep()
    adam = torch.optim.Adam(model.parameters(), lr=0.001)
    loss_of = nn.BCEWithLogitsLoss()

    def step(first, count):
        begin, end = offsets[first], offsets[first + count]
        starts = torch.from_numpy(offsets[first : first + count] - begin)
        loss = loss_of(model(tokens[begin:end], starts, one_hots[first : first + count]), labels[first : first + count])
        adam.zero_grad()
        loss.backward()
        adam.step()
        return loss.item()

    for first in range(0, min(rows, 4 * batch), batch):
        step(first, min(batch, rows - first))
    wall, processor = time.perf_counter(), time.process_time()
    for _ in range(epochs):
        total = 0.0
        for first in range(0, rows, batch):
            count = min(batch, rows - first)
            total += step(first, count) * count
    print(f"{time.perf_counter() - wall} {time.process_time() - processor} {total / rows}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

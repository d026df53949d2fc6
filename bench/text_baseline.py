"""Real texts for `Gyre.Benchmarks text`, and scikit-learn's answer to them.

Usage: text_baseline.py prepare SHARED DIRECTORY    writes DIRECTORY/train/rows.csv and DIRECTORY/eval/rows.csv: product, narrative
       text_baseline.py fit DIRECTORY                learns tf-idf + logistic regression, prints macro-F1 and accuracy on eval
       text_baseline.py score DIRECTORY PREDICTIONS NAME   the same of predictions, one class in a line
"""
import csv
import hashlib
import os
import sys
import warnings

import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score


def prepare(shared, directory):
    columns = ["product", "narrative"]
    book = pd.read_csv(f"{shared}/data/complaints/book11_narrative_all.csv.gz", dtype=str)
    kaggle = pd.read_csv(f"{shared}/data/complaints/cfpb_kaggle2016_product_narrative_3947.csv.gz", dtype=str)
    rows = pd.concat([
        book[["product", "consumer_complaint_narrative"]].set_axis(columns, axis=1),
        kaggle[["Product", "Consumer complaint narrative"]].set_axis(columns, axis=1),
    ]).dropna()
    # By the text, so that a text that occurs twice is never on both sides.
    fifth = rows.narrative.map(lambda text: int(hashlib.md5(text.encode()).hexdigest()[:8], 16) % 5)
    for name, part in (("train", rows[fifth != 0]), ("eval", rows[fifth == 0])):
        os.makedirs(f"{directory}/{name}", exist_ok=True)
        part.to_csv(f"{directory}/{name}/rows.csv", index=False, quoting=csv.QUOTE_ALL)


def read(directory, name):
    return pd.read_csv(f"{directory}/{name}/rows.csv", dtype=str)


def show(name, actual, predicted):
    print(f"{name}|{f1_score(actual, predicted, average='macro', zero_division=0):.4f}|{accuracy_score(actual, predicted):.4f}", flush=True)


def fit(directory):
    warnings.filterwarnings("ignore")
    train, held_back = read(directory, "train"), read(directory, "eval")
    for name, options, more in (
        ("scikit-learn, as it comes", {}, {}),
        ("scikit-learn, balanced classes, 1 + ln tf", {"sublinear_tf": True}, {"class_weight": "balanced"}),
        ("scikit-learn, balanced classes, C = 10, 1 + ln tf", {"sublinear_tf": True}, {"class_weight": "balanced", "C": 10}),
    ):
        vectors = TfidfVectorizer(**options)
        model = LogisticRegression(max_iter=1000, **more).fit(vectors.fit_transform(train.narrative), train["product"])
        show(name, held_back["product"], model.predict(vectors.transform(held_back.narrative)))


def score(directory, predictions, name):
    with open(predictions, encoding="utf-8") as file:
        show(name, read(directory, "eval")["product"], file.read().splitlines())


if __name__ == "__main__":
    {"prepare": prepare, "fit": fit, "score": score}[sys.argv[1]](*sys.argv[2:])

"""What scikit-learn's gradient boosting reaches on the tables of tests/Gyre.LightGbm.Tests/RealDataTests.cs.

The same rows, columns and split: every fourth row is held back. Needs Debian's python3-sklearn:
    /usr/bin/python3 bench/trees_sklearn.py ../shared/data
"""

import csv
import gzip
import io
import sys
import zipfile
from collections import Counter
from datetime import date

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import accuracy_score, f1_score, mean_squared_error, r2_score, roc_auc_score


def split(rows):
    held_back = np.arange(len(rows)) % 4 == 3
    return ~held_back, held_back


def ids(rows, column, train):
    """The position of each text by frequency in the training rows; -1 for one that is not among them."""
    counts = Counter(row[column] for row, seen in zip(rows, train) if seen)
    order = {text: i for i, (text, _) in enumerate(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))}
    return [order.get(row[column], -1) for row in rows]


def disputes(folder):
    with gzip.open(f"{folder}/complaints/cfpb_slim8_bookpopulation_77717.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    train, held_back = split(rows)
    day = [date.fromisoformat(row["Date received"]) for row in rows]
    columns = [ids(rows, column, train) for column in ("Product (derived from issue)", "Issue", "Submitted via", "Company response to consumer")]
    columns.append([(date.fromisoformat(row["Date sent to company"]) - received).days for row, received in zip(rows, day)])
    columns.append([received.month for received in day])
    columns.append([received.year for received in day])
    x = np.column_stack(columns).astype(float)
    y = np.array([row["Consumer disputed?"] == "Yes" for row in rows])
    for model in (HistGradientBoostingClassifier(random_state=0), GradientBoostingClassifier(random_state=0)):
        model.fit(x[train], y[train])
        print(f"disputes, {type(model).__name__}: AUC {roc_auc_score(y[held_back], model.predict_proba(x[held_back])[:, 1]):.5f}")


def bicycles(folder):
    with zipfile.ZipFile(f"{folder}/other/bike_sharing_dataset.zip") as archive:
        rows = list(csv.DictReader(io.TextIOWrapper(archive.open("hour.csv"), encoding="utf-8")))
    train, held_back = split(rows)
    names = ("season", "yr", "mnth", "hr", "holiday", "weekday", "workingday", "weathersit", "temp", "atemp", "hum", "windspeed")
    x = np.array([[float(row[name]) for name in names] for row in rows])
    y = np.array([float(row["cnt"]) for row in rows])
    for rounds in (100, 300):
        model = HistGradientBoostingRegressor(max_iter=rounds, random_state=0).fit(x[train], y[train])
        predicted = model.predict(x[held_back])
        print(f"bicycles, {rounds} trees: R2 {r2_score(y[held_back], predicted):.5f}, RMSE {mean_squared_error(y[held_back], predicted) ** 0.5:.3f}")


def classes(name, path, delimiter):
    with open(path, encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter=delimiter))[1:]
    train, held_back = split(rows)
    x = np.array([[float(value) for value in row[1:]] for row in rows])
    y = np.array([row[0] for row in rows])
    model = HistGradientBoostingClassifier(min_samples_leaf=5, random_state=0).fit(x[train], y[train])
    predicted = model.predict(x[held_back])
    print(f"{name}: accuracy {accuracy_score(y[held_back], predicted):.5f}, macro-F1 {f1_score(y[held_back], predicted, average='macro'):.5f}")


if __name__ == "__main__":
    disputes(sys.argv[1])
    bicycles(sys.argv[1])
    classes("penguins", f"{sys.argv[1]}/other/penguins_processed.csv", ",")
    classes("iris", f"{sys.argv[1]}/other/iris_mlnet.txt", "\t")

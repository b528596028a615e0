/// What models cost: durable accounts of what was used, and budgets that hold on every node.
@NullMarked
package io.cairn.ledger;

import org.jspecify.annotations.NullMarked;

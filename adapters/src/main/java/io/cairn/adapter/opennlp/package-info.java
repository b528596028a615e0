/// The language of a text, told by OpenNLP's model of 103 languages.
@NullMarked
package io.cairn.adapter.opennlp;

import org.jspecify.annotations.NullMarked;

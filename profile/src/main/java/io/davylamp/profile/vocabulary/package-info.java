/** The words that questions are put in, written once for all who use them. */
package io.davylamp.profile.vocabulary;

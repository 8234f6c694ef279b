import './study-figure.js';
import './live-code.js';
import './study-card.js';
import './study-term.js';
import './study-quiz.js';
import './study-review.js';
import './report.js';
import './offline.js';

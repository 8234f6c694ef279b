import './study-figure.js';
import './live-code.js';

import './study-figure.js';
